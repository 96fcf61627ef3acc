"""From steps to paths, waits, handoffs, feelings and kinds of journey: pure functions on arrays, no database."""
