"""What is reached with a browser or by other machines: the public service, and the team's composer."""
