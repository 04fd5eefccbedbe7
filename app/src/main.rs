//! Starts the app in the page's body.

fn main() {
    nimbus_app::mount();
}
