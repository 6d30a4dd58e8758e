"""How long events are kept, what holds them back, and how a range of them goes with proof."""
