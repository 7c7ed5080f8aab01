"""The public service: pages for readers, and webhooks for providers."""
