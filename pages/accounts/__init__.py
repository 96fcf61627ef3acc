"""Signing in and one's own account, as plain HTML that works without JavaScript."""
