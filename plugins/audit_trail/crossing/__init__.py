"""From the product's database into the trail's own: nothing lost, nothing doubled."""
