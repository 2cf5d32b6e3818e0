"""Who hears what, and when: the people, the change programme, the rules and the deliveries.

The ground floor of the house. It knows no sentence and no card, imports no SDK and no
database, and never asks the time: ``now`` is an argument.
"""
