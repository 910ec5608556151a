//! What the machine must have, and how to get it on Debian.

use std::env;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::at_end::AtEnd;
use crate::postgres::Postgres;
use crate::process;

/// Debian would start a system cluster when it installs a server. While this file is there, it does not.
const NO_SYSTEM_CLUSTER: &str = "/etc/postgresql-common/createcluster.d/pg_chorus.conf";

/// Something that compiling or running needs.
struct Need {
    packages: &'static [&'static str],
    missing: fn() -> bool,
}

/// A C compiler is not among them: without one, no Rust program would have come this far.
const NEEDS: [Need; 2] = [
    Need {
        packages: &["postgresql-15", "postgresql-server-dev-15"],
        missing: || Postgres::find().is_err(),
    },
    // bindgen, which reads PostgreSQL's headers, loads libclang and needs clang's own headers.
    Need {
        packages: &["libclang-14-dev"],
        missing: || !libclang_is_there(),
    },
];

/// Installs what is missing, or says what to install.
pub fn ensure() -> Result<()> {
    let packages = missing();
    if packages.is_empty() {
        return Ok(());
    }
    if env::var_os("PG_CONFIG").is_some() && packages.contains(&"postgresql-15") {
        // Installing another server would not make the chosen one complete.
        Postgres::find().context("PG_CONFIG names a server that cannot be used")?;
    }
    let wanted = packages.join(" ");
    let Some(apt) = apt() else {
        bail!(
            "missing: {wanted} (names of Debian 12). Install them and try again:\n    apt-get install {wanted}\n\
             cargo xtask does so itself where apt-get exists and it is root or may use `sudo -n`."
        );
    };
    eprintln!("installing {wanted}");
    let _no_system_cluster = forbid_system_cluster(apt)?;
    // What goes wrong stands on standard error; the rest is hundreds of lines.
    process::run(
        apt.command("apt-get")
            .args(["-qq", "update"])
            .stdout(Stdio::null()),
    )?;
    process::run(
        apt.command("apt-get")
            .args(["-qq", "-y", "--no-install-recommends", "install"])
            .args(&packages)
            .stdout(Stdio::null()),
    )
    .with_context(|| format!("apt-get could not install {wanted}"))?;
    let missing = missing();
    if !missing.is_empty() {
        bail!(
            "apt-get installed {wanted}, yet {} cannot be found",
            missing.join(" ")
        );
    }
    Ok(())
}

fn missing() -> Vec<&'static str> {
    NEEDS
        .iter()
        .filter(|need| (need.missing)())
        .flat_map(|need| need.packages.iter().copied())
        .collect()
}

/// How apt-get may be called.
#[derive(Clone, Copy, PartialEq)]
enum Apt {
    Directly,
    ThroughSudo,
}

impl Apt {
    fn command(self, program: &str) -> Command {
        let mut command = match self {
            Self::Directly => process::command("env"),
            Self::ThroughSudo => {
                let mut sudo = process::command("sudo");
                sudo.args(["-n", "env"]);
                sudo
            }
        };
        command.args(["DEBIAN_FRONTEND=noninteractive", program]);
        command
    }
}

fn apt() -> Option<Apt> {
    if !process::succeeds(process::command("apt-get").arg("--version")) {
        return None;
    }
    if rustix::process::geteuid().is_root() {
        return Some(Apt::Directly);
    }
    process::succeeds(process::command("sudo").args(["-n", "true"])).then_some(Apt::ThroughSudo)
}

/// Puts the setting in place until the guard is dropped.
fn forbid_system_cluster(apt: Apt) -> Result<AtEnd> {
    let file = Path::new(NO_SYSTEM_CLUSTER);
    let folder = file.parent().context("the setting's file has a folder")?;
    process::run(apt.command("mkdir").arg("-p").arg(folder))?;
    process::run_with_input(
        apt.command("tee").arg(file).stdout(Stdio::null()),
        "create_main_cluster = false\n",
    )?;
    Ok(AtEnd::run(move || {
        if !process::succeeds(apt.command("rm").arg("-f").arg(NO_SYSTEM_CLUSTER)) {
            eprintln!("{NO_SYSTEM_CLUSTER} could not be removed; please do so");
        }
    }))
}

/// Looks for the link that only the development packages bring.
fn libclang_is_there() -> bool {
    let llvm = fs::read_dir("/usr/lib").into_iter().flatten().flatten();
    env::var_os("LIBCLANG_PATH").is_some()
        // Debian keeps each version below /usr/lib/llvm-N, others beside the rest.
        || llvm
            .filter(|entry| entry.file_name().to_string_lossy().starts_with("llvm-"))
            .any(|entry| entry.path().join("lib/libclang.so").exists())
        || ["/usr/lib", "/usr/lib64", "/usr/local/lib"]
            .iter()
            .any(|folder| Path::new(folder).join("libclang.so").exists())
}
