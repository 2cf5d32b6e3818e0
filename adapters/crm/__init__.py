"""Records of the CRM, looked up for one person and never for anybody else.

``looking.py`` is how a record is found and told, the same for every CRM; ``dynamics.py`` looks in
Dynamics 365, ``demo.py`` in a made-up CRM.
"""
