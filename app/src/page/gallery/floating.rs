//! What floats: menus, popovers, dialogs, toasts.

use crate::ui::{
    Button, ButtonKind, Confirm, Dialog, Icon, Menu, MenuItem, Popover, TextField, announce,
    confirm, toast, toast_undo,
};
use leptos::prelude::*;

/// A button for each.
pub(super) fn show() -> AnyView {
    let open = RwSignal::new(false);
    let wide = RwSignal::new(false);
    let name = RwSignal::new(String::new());
    let items = || {
        vec![
            MenuItem::new("Duplicate", Icon::Copy, || announce("Duplicated")).keys("D"),
            MenuItem::new("Rename", Icon::Edit, || announce("Renamed")),
            MenuItem::new("Export", Icon::Download, || announce("Exported")),
            MenuItem::new("Delete", Icon::Trash, || {
                toast_undo("Runbook deleted", || announce("Restored"));
            })
            .danger(),
        ]
    };
    let hide = RwSignal::new(0);
    view! {
        <div class="stack">
            <div class="row row-wrap">
                <Menu label="More" items=items() />
                <Menu label="Add step" icon=Icon::Plus show_label=true kind=ButtonKind::Secondary items=items() />
                <Popover
                    label="Filter"
                    icon=Icon::Filter
                    hide=hide
                    content=move || {
                        view! {
                            <div class="stack">
                                <TextField label="Contains" value=name />
                                <Button kind=ButtonKind::Primary on_press=move |()| hide.update(|hide| *hide += 1)>
                                    "Apply"
                                </Button>
                            </div>
                        }
                    }
                />
                <Button on_press=move |()| open.set(true)>"Dialog"</Button>
                <Button on_press=move |()| wide.set(true)>"Wide dialog"</Button>
                <Button on_press=move |()| {
                    confirm(
                        Confirm::danger(
                            "Delete this integration?",
                            "Two runbooks use its methods and will stop working.",
                            "Delete",
                        ),
                        || toast("Integration deleted"),
                    );
                }>"Confirm"</Button>
                <Button on_press=move |()| toast("Run 17 of “Ask a question” failed.")>"Toast"</Button>
                <Button on_press=move |()| toast_undo("Method deleted", || announce("Restored"))>"Undo toast"</Button>
            </div>
            <Dialog title="New runbook" open=open>
                <TextField label="Name" value=name hint="What the people at the desk will read." />
                <div class="dialog-actions">
                    <Button on_press=move |()| open.set(false)>"Cancel"</Button>
                    <Button kind=ButtonKind::Primary on_press=move |()| open.set(false)>
                        "Create"
                    </Button>
                </div>
            </Dialog>
            <Dialog title="Someone else saved this" open=wide wide=true>
                <p class="muted">"Their version is newer than the one you began with."</p>
            </Dialog>
        </div>
    }
    .into_any()
}
