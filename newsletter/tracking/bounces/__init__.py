"""Mail that comes back: delivery reports, complaints by feedback loops, and an inbox to read them from."""
