//! The `changelog` program; everything it does is in the library.

fn main() -> std::process::ExitCode {
    changelog::cli::main()
}
