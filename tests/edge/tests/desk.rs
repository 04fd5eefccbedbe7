//! The desk's REST surface, as Halo's clients see it.

mod desk {
    mod support;

    mod lists;
    mod logins;
    mod odd;
    mod writes;
}
