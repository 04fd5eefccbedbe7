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
mod service_levels;
mod workflows;

pub use applications::{
    application, application_path, applications, authorize, create_application, renew_secret,
    revoke_tokens, save_application,
};
pub use desk::{
    Action, ListedTicket, Thread, Ticket, TicketList, add_action, name_of, own_agent, thread,
    ticket, tickets,
};
pub use events::{
    create_event_trigger, delete_event_trigger, event_trigger, event_triggers, events,
    save_event_trigger,
};
pub use fault::Fault;
pub use live::{Live, is_lost, provide_live, use_live};
pub use records::{
    Records, all_records, delete_record, record, records, records_by_ids, try_rules, write_record,
    write_records,
};
pub use request::encoded;
pub use resources::{
    cancel_run, check_runbook, create_desk_action, create_integration, create_method,
    create_runbook, delete_desk_action, delete_integration, delete_method, delete_runbook, deleted,
    desk_action, desk_actions, failed_deliveries, import, integration, integrations, method,
    methods, move_desk_action, press_desk_action, publish, replay_point, replay_run, restore,
    retry_delivery, run, run_plan, runbook, runbooks, runs, save_desk_action, save_integration,
    save_method, save_runbook, session, sign_in, sign_out, start_runbook, starts, statistics,
    test_method, unpublish, users_of_runbook, version, versions, visit,
};
pub use schedules::{
    check_schedule, create_schedule, delete_schedule, save_schedule, schedule, schedule_choices,
    schedules, start_schedule,
};
pub use service_levels::{
    create_service_level, preview_service_level, save_service_level, service_level,
    service_level_path, service_levels, time_zones,
};
pub use workflows::{
    check_workflow, create_workflow, delete_workflow, move_tickets, publish_workflow,
    save_workflow, unpublish_workflow, workflow, workflow_of_ticket, workflow_tickets, workflows,
};
