//! Whom the server runs as: PostgreSQL refuses root, so root hands it to user `postgres`.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use crate::process;

/// Debian's account for the server.
const USER: &str = "postgres";

/// The account of the private cluster.
#[derive(Debug, Clone, Copy)]
pub enum Account {
    /// Whoever called.
    Own,
    /// User `postgres`, because root called.
    Postgres {
        /// Its numbers, for handing over folders.
        uid: u32,
        /// The same, of its group.
        gid: u32,
    },
}

impl Account {
    /// The account for whoever called.
    pub fn for_caller() -> Result<Self> {
        if !rustix::process::geteuid().is_root() {
            return Ok(Self::Own);
        }
        let number = |option: &str| -> Result<u32> {
            process::output(process::command("id").args([option, USER]))
                .context("PostgreSQL refuses to run as root, and there is no user `postgres` to run it as")?
                .trim()
                .parse()
                .context("cannot read the answer of `id`")
        };
        Ok(Self::Postgres {
            uid: number("-u")?,
            gid: number("-g")?,
        })
    }

    /// A call of `program` as this account; the kernel sends `death` to it when this process ends.
    pub fn command(self, program: impl AsRef<OsStr>, death: &str) -> Command {
        let mut command = match self {
            Self::Own => process::with_privileges(program, death, &[]),
            Self::Postgres { .. } => {
                let user = [
                    &*format!("--reuid={USER}"),
                    &*format!("--regid={USER}"),
                    "--init-groups",
                ];
                let mut command = process::with_privileges(program, death, &user);
                command
                    .env("HOME", "/")
                    .env("USER", USER)
                    .env("LOGNAME", USER);
                command
            }
        };
        // The caller's folder may be closed to the account. Settings of libpq and of the server are not inherited.
        command.current_dir("/");
        for name in [
            "PGDATA",
            "PGHOST",
            "PGPORT",
            "PGUSER",
            "PGDATABASE",
            "PGOPTIONS",
            "PGSERVICE",
        ] {
            command.env_remove(name);
        }
        command
    }

    /// Whether the account can go into the folder.
    pub fn can_enter(self, folder: &Path) -> bool {
        process::succeeds(self.command("test", "TERM").arg("-x").arg(folder))
    }

    /// Makes a folder that is the account's own and closed to everybody else.
    pub fn own_folder(self, folder: &Path) -> Result<()> {
        fs::create_dir_all(folder)
            .with_context(|| format!("cannot make the folder {}", folder.display()))?;
        self.take_over(folder)
    }

    /// Gives an existing folder to the account and closes it to everybody else.
    pub fn take_over(self, folder: &Path) -> Result<()> {
        let own = || -> Result<()> {
            fs::set_permissions(folder, fs::Permissions::from_mode(0o700))?;
            if let Self::Postgres { uid, gid } = self
                && fs::metadata(folder)?.uid() != uid
            {
                chown(folder, Some(uid), Some(gid))?;
            }
            Ok(())
        };
        own().with_context(|| {
            format!(
                "cannot give the folder {} to the server's account",
                folder.display()
            )
        })
    }
}
