//! Who may come in: checks of the host, the origin, the content type and the identity.
