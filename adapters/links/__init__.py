"""Links: whether what our articles point to still opens."""
