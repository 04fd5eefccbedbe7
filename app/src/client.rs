//! The console API and the desk's, as the pages call them: typed both ways, one error for all.

mod applications;
mod desk;
mod events;
mod fault;
mod live;
mod records;
mod request;
mod resources;
mod schedules;

pub use applications::{
    application, application_path, applications, authorize, create_application, renew_secret,
    revoke_tokens, save_application,
};
pub use desk::{
    Action, ListedTicket, Ticket, TicketList, add_action, own_agent, ticket, ticket_actions,
    tickets,
};
pub use events::{
    create_event_trigger, delete_event_trigger, event_trigger, event_triggers, events,
    save_event_trigger,
};
pub use fault::Fault;
pub use live::{Live, provide_live, use_live};
pub use records::{
    Records, all_records, delete_record, record, records, records_by_ids, write_record,
    write_records,
};
pub use request::encoded;
pub use resources::{
    cancel_run, check_runbook, create_desk_action, create_integration, create_method,
    create_runbook, delete_desk_action, delete_integration, delete_method, delete_runbook,
    desk_action, desk_actions, failed_deliveries, import, integration, integrations, method,
    methods, move_desk_action, press_desk_action, publish, replay_point, replay_run, restore,
    retry_delivery, run, runbook, runbooks, runs, save_desk_action, save_integration, save_method,
    save_runbook, session, sign_in, sign_out, start_runbook, starts, statistics, test_method,
    unpublish, versions, visit,
};
pub use schedules::{
    check_schedule, create_schedule, delete_schedule, save_schedule, schedule, schedule_choices,
    schedules, start_schedule,
};
