"""The parts of the moderation screen: the queue, one story, and how marks and warnings are said."""
