"""Pages and posts of the wall: phone, desk, screen, and the poll that replaces a socket."""
