"""Tests of the package newsletter."""
