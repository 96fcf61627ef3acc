"""The resident's journey, page by page: where one is, what is drawn there, and how one moves on."""
