//! The way to Chorus Pro, which can be shut so that connections are begun and do not come about.

use std::fs;
use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::{Context, Result};
use chorus_simulator::Handle;
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::task::JoinHandle;
use tokio::time::timeout;

use crate::common::{PATIENCE, eventually};

/// State of a socket that is not connected yet, in /proc/net/tcp.
const SYN_SENT: &str = "02";

/// A proxy before the simulator. Open at first.
pub struct Door {
    listener: Arc<TcpListener>,
    simulator: SocketAddr,
    porter: Option<JoinHandle<()>>,
    /// They fill the queue of a shut door.
    fillers: Vec<TcpStream>,
}

impl Door {
    /// A door on a loopback port.
    pub fn before(simulator: &Handle) -> Result<Self> {
        let address = simulator.url().trim_start_matches("http://");
        let socket = TcpSocket::new_v4()?;
        socket.bind("127.0.0.1:0".parse()?)?;
        let mut door = Self {
            // The kernel keeps one connection more than that which nobody has accepted yet, and lets others wait outside.
            listener: Arc::new(socket.listen(1)?),
            simulator: address
                .trim_end_matches('/')
                .parse()
                .with_context(|| format!("the simulator's address: {address}"))?,
            porter: None,
            fillers: Vec::new(),
        };
        door.open();
        Ok(door)
    }

    /// The address of Chorus Pro behind the door.
    pub fn url(&self) -> Result<String> {
        Ok(format!("http://{}", self.listener.local_addr()?))
    }

    /// Lets everybody in who is waiting or comes.
    pub fn open(&mut self) {
        self.fillers.clear();
        let (listener, simulator) = (Arc::clone(&self.listener), self.simulator);
        self.porter = Some(tokio::spawn(async move {
            while let Ok((mut near, _)) = listener.accept().await {
                tokio::spawn(async move {
                    if let Ok(mut far) = TcpStream::connect(simulator).await {
                        let _ended = copy_bidirectional(&mut near, &mut far).await;
                    }
                });
            }
        }));
    }

    /// Those who are inside stay connected; nobody else gets in.
    pub async fn shut(&mut self) -> Result<()> {
        if let Some(porter) = self.porter.take() {
            porter.abort();
            let _aborted = porter.await;
        }
        for _ in 0..2 {
            let filler = TcpStream::connect(self.listener.local_addr()?);
            let filler = timeout(PATIENCE, filler).await;
            self.fillers.push(filler.context("the queue is full")??);
        }
        Ok(())
    }

    /// Waits until somebody stands before the shut door.
    pub async fn until_somebody_waits(&self) -> Result<()> {
        let port = self.listener.local_addr()?.port();
        eventually(|| somebody_connects_to(port), PATIENCE).await
    }
}

impl Drop for Door {
    fn drop(&mut self) {
        if let Some(porter) = &self.porter {
            porter.abort();
        }
    }
}

/// Whether a socket of this machine begins to connect to `port` of it.
fn somebody_connects_to(port: u16) -> bool {
    let sockets = fs::read_to_string("/proc/net/tcp").unwrap_or_default();
    let far = format!(":{port:04X}");
    sockets.lines().any(|line| {
        let mut fields = line.split_whitespace().skip(2);
        let ends_there = fields.next().is_some_and(|remote| remote.ends_with(&far));
        ends_there && fields.next() == Some(SYN_SENT)
    })
}
