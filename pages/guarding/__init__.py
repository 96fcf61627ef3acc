"""The parts of the safeguarding screen: the queue, one item, and how clocks and decisions are said."""
