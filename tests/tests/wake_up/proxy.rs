//! A TCP proxy before the server's socket, which can fall silent as a broken network does.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::Result;
use chorus_tests::Database;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream, UnixStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// A running proxy; it stops when dropped.
pub struct Proxy {
    address: SocketAddr,
    /// Connections of earlier generations forward nothing any more, and are not closed either.
    generation: watch::Sender<u64>,
    accepted: Arc<AtomicUsize>,
    task: JoinHandle<()>,
}

impl Proxy {
    /// A proxy on a loopback port before the server of `database`.
    pub async fn start(database: &Database) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let cluster = database.cluster();
        let socket = cluster.host.join(format!(".s.PGSQL.{}", cluster.port));
        let generation = watch::Sender::new(0);
        let accepted = Arc::new(AtomicUsize::new(0));
        let (now, count) = (generation.subscribe(), Arc::clone(&accepted));
        let task = tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                count.fetch_add(1, Ordering::SeqCst);
                tokio::spawn(forward(near, socket.clone(), now.clone()));
            }
        });
        Ok(Self {
            address,
            generation,
            accepted,
            task,
        })
    }

    /// The address of `database` through the proxy.
    pub fn url(&self, database: &Database, user: &str) -> String {
        format!(
            "host={} port={} user={user} dbname={} sslmode=disable",
            self.address.ip(),
            self.address.port(),
            database.name()
        )
    }

    /// Falls silent on every connection there is. New ones work.
    pub fn fall_silent(&self) {
        self.generation.send_modify(|generation| *generation += 1);
    }

    /// Connections so far.
    pub fn accepted(&self) -> usize {
        self.accepted.load(Ordering::SeqCst)
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn forward(near: TcpStream, socket: PathBuf, generation: watch::Receiver<u64>) {
    let Ok(far) = UnixStream::connect(socket).await else {
        return;
    };
    let born = *generation.borrow();
    let (near_read, near_write) = near.into_split();
    let (far_read, far_write) = far.into_split();
    tokio::join!(
        copy(near_read, far_write, generation.clone(), born),
        copy(far_read, near_write, generation, born)
    );
}

/// Copies until the end, or until the generation is over: then it reads on, as a kernel that acknowledges, and passes nothing on.
async fn copy(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    generation: watch::Receiver<u64>,
    born: u64,
) {
    let mut bytes = vec![0; 1 << 16];
    while let Ok(count @ 1..) = from.read(&mut bytes).await {
        let part = bytes.get(..count).unwrap_or_default();
        if *generation.borrow() == born && to.write_all(part).await.is_err() {
            return;
        }
    }
    if *generation.borrow() != born {
        // The end is not passed on either.
        std::future::pending::<()>().await;
    }
}
