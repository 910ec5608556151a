//! Where a private cluster lives, and the record that lets a later call find it.

use std::env;
use std::fs::{self, File, TryLockError};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};

use crate::account::Account;
use crate::project::Project;

/// A socket's path may have 107 bytes; PostgreSQL adds the file's name to the folder's.
const LONGEST_SOCKET_FOLDER: usize = 107 - "/.s.PGSQL.65535.lock".len();

/// The folders of one cluster.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Place {
    /// Folder of everything but the socket.
    pub home: PathBuf,
    /// Folder of the socket: short, and the server's own.
    pub socket: PathBuf,
    /// Port, which is part of the socket's name.
    pub port: u16,
    /// Whether `home` is in the temporary directory, to be removed when the server stops.
    pub temporary: bool,
}

impl Place {
    /// Chooses and makes the folders: below the target directory if the server's account can go there.
    pub fn make(project: &Project, account: Account, name: &str, port: u16) -> Result<Self> {
        let clusters = project.folder("clusters")?;
        let (home, temporary) = match account.can_enter(&clusters) {
            true => (clusters.join(name), false),
            false => (temporary_folder(account, |_| true)?, true),
        };
        fs::create_dir_all(&home)
            .with_context(|| format!("cannot make the folder {}", home.display()))?;
        let socket = temporary_folder(account, |folder| {
            folder.as_os_str().len() <= LONGEST_SOCKET_FOLDER
        })?;
        account.take_over(&socket)?;
        Ok(Self {
            home,
            socket,
            port,
            temporary,
        })
    }

    /// The copied server.
    pub fn server(&self) -> PathBuf {
        self.home.join("server")
    }

    /// The folder that belongs to the server's account.
    pub fn own(&self) -> PathBuf {
        self.home.join("cluster")
    }

    /// PostgreSQL's data directory.
    pub fn data(&self) -> PathBuf {
        self.own().join("data")
    }

    /// What the server says.
    pub fn log(&self) -> PathBuf {
        self.own().join("postgresql.log")
    }

    /// Removes the socket's folder and, if temporary or asked for, everything else.
    pub fn remove(&self, everything: bool) {
        let mut folders = vec![&self.socket];
        if everything || self.temporary {
            folders.push(&self.home);
        }
        for folder in folders {
            if let Err(error) = fs::remove_dir_all(folder)
                && error.kind() != std::io::ErrorKind::NotFound
            {
                eprintln!("cannot remove {}: {error}", folder.display());
            }
        }
    }
}

/// A new folder in the temporary directory which the account can go into, 0755.
fn temporary_folder(account: Account, fits: impl Fn(&Path) -> bool) -> Result<PathBuf> {
    for parent in [env::temp_dir(), PathBuf::from("/tmp")] {
        let Ok(folder) = tempfile::Builder::new()
            .prefix("pg_chorus-")
            .tempdir_in(&parent)
        else {
            continue;
        };
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755))?;
        if fits(folder.path()) && account.can_enter(folder.path()) {
            return Ok(folder.keep());
        }
    }
    bail!(
        "no folder for the private cluster: the server's account can write neither to TMPDIR nor to /tmp"
    )
}

/// The file that remembers the place of the cluster of that name, and keeps others from using the name.
pub struct Record {
    path: PathBuf,
    _lock: File,
}

impl Record {
    /// Waits until nobody else uses the name.
    pub fn lock(project: &Project, name: &str) -> Result<Self> {
        let folder = project.folder("clusters")?;
        let path = folder.join(format!("{name}.lock"));
        let lock =
            File::create(&path).with_context(|| format!("cannot write {}", path.display()))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                eprintln!("waiting for another cargo xtask to finish with the cluster `{name}`");
                lock.lock().context("cannot wait for the lock")?;
            }
            Err(TryLockError::Error(error)) => {
                return Err(error).context("cannot lock the cluster's record");
            }
        }
        Ok(Self {
            path: folder.join(format!("{name}.json")),
            _lock: lock,
        })
    }

    /// What an earlier call has written.
    pub fn read(&self) -> Result<Option<Place>> {
        match fs::read_to_string(&self.path) {
            Ok(text) => Ok(serde_json::from_str(&text).ok()),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => {
                Err(error).with_context(|| format!("cannot read {}", self.path.display()))
            }
        }
    }

    /// Remembers the place.
    pub fn write(&self, place: &Place) -> Result<()> {
        fs::write(&self.path, serde_json::to_string(place)?)
            .with_context(|| format!("cannot write {}", self.path.display()))
    }

    /// Forgets the place.
    pub fn clear(&self) -> Result<()> {
        match fs::remove_file(&self.path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                Err(error).with_context(|| format!("cannot remove {}", self.path.display()))
            }
            _ => Ok(()),
        }
    }
}
