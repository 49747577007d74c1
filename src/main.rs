//! The `changelog` program; everything it does is in the library.

/// A changelog is many small texts: they are a sixth faster to make than with the system's allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    changelog::cli::main()
}
