"""The chat page: the façade seen through a browser. ``serve`` starts it; nothing else is meant to be imported from outside."""
