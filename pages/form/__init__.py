"""The public journey form as plain server-rendered HTML: works without JavaScript, on any phone, in any language."""
