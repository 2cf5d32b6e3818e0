"""The browser chat of the demo: Wayfinder on a page of your own machine, with the same cards."""
