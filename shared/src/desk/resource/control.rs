//! Control: the settings that hold for the whole desk.

use super::{Field, Resource};

/// `/api/Control`. There is one record.
pub static CONTROL: Resource = Resource {
    name: "Control",
    singular: "control",
    about: "The settings that hold for the whole desk.",
    table: "control",
    fields: &[
        Field::line("companyname").about("Whose desk this is"),
        Field::time_zone("timezone"),
        Field::line("currency_code").about("By ISO 4217, such as GBP"),
        Field::line("support_emailaddress").about("Where users write to"),
        Field::line("support_phonenumber").about("Where users call"),
        Field::custom_fields(),
    ],
    searched: &[],
    order: ("id", false),
    single: true,
    ..Resource::BLANK
};
