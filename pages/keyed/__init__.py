"""Stories of people who are not online: keying in paper forms, and the script for a phone call."""
