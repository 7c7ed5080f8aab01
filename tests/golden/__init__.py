"""What the July 2024 issue looks like, kept so that every change of it is seen and meant."""
