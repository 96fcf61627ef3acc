"""Records and rights: how long things are kept, what is held of somebody, what the law asks to be written down."""
