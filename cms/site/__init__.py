"""What a site is put together from: menus, widgets, blocks, and the addresses they lead to."""
