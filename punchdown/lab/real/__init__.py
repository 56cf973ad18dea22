"""Real appliances in network namespaces: needs Linux and root, writes nothing outside the lab directory.

``site`` plans, ``network`` lays namespaces and cables, ``appliances`` says what runs in each appliance,
``session`` brings all of it up and down, ``probe`` opens sockets inside.
"""
