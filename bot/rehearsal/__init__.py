"""The rehearsal: the real program on made-up platforms, before real people depend on it.

``simulate`` plays a whole programme on a clock that jumps; ``faults`` breaks what the program
stands on and looks whether anything was lost, doubled or stuck. Both judge by the same invariants.
"""
