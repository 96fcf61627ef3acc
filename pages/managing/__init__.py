"""Parts of the screen of people: the list, inviting, and one person."""
