//! The desk's REST surface, as Halo's clients see it.

mod desk {
    mod support;

    mod applications;
    mod audit;
    mod clients;
    mod consent;
    mod cors;
    mod lists;
    mod logins;
    mod oauth;
    mod odd;
    mod operations;
    mod outbox;
    mod records;
    mod search;
    mod workflow_fields;
    mod writes;
}
