//! The command line of `cargo xtask`.

mod bench;
mod command_line;
mod start;
mod test;
mod wrangler;

use std::process::ExitCode;

use command_line::Order;
use xtask::{
    failure::Failure,
    layout::Layout,
    setup::{self, Extent},
};

fn main() -> ExitCode {
    let order = command_line::read(lexopt::Parser::from_env());
    match order.and_then(carry_out) {
        Ok(code) => code,
        Err(failure) => {
            eprintln!("\n{failure}");
            ExitCode::FAILURE
        }
    }
}

fn carry_out(order: Order) -> Result<ExitCode, Failure> {
    let layout = Layout::of_repository();
    match order {
        Order::Help => print!("{}", command_line::HELP),
        Order::Start(options) => start::run(&layout, options)?,
        Order::Test { checks, arguments } => return Ok(test::run(&layout, &checks, &arguments)),
        Order::Build => setup::run(&layout, Extent::Built)?,
        Order::Bench { arguments } => return bench::run(&layout, &arguments),
        Order::Deploy { arguments } => {
            setup::run(&layout, Extent::Built)?;
            wrangler::deploy(&layout, &arguments)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}
