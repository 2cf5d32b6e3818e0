"""Join the parts: the only place that names a concrete adapter, with a file a platform.

A platform that is not connected is not imported either: botbuilder alone would cost a second and
forty megabytes at every start.
"""
