//! How much a first visit loads.

use std::fs;

use xtask::{assets::Assets, failure::Failure, layout::Layout};

use super::Tally;

/// WebAssembly, scripts and style together, compressed with brotli, in bytes.
const LIMIT: u64 = 250_000;

pub(super) fn first_load(layout: &Layout) -> Result<Tally, Failure> {
    let assets = Assets::read(layout)?;
    for (name, file) in &assets.files {
        println!(
            "{:>9} bytes, {:>7} with brotli  {name}",
            file.bytes,
            file.brotli.unwrap_or(file.bytes)
        );
    }
    let page = layout.dist().join("index.html");
    let page = fs::read_to_string(&page).map_err(Failure::path("read", &page))?;
    let size = assets.first_load(&page);
    println!("A first visit loads {size} bytes; the limit is {LIMIT}.");
    Ok(Tally::one(size < LIMIT))
}
