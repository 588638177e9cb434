//! A TCP stream that keeps its connection's entry up to date, and ends when that is closed.

use std::{
    io,
    pin::{Pin, pin},
    task::{Context, Poll},
    time::Instant,
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
};

use super::Connection;

/// Bytes that one connection reads before others have their turn: chunks of one byte cost six on the
/// wire, and as much work as large ones.
const TURN: usize = 8 * 1024;

/// A stream of the listener.
pub(super) struct Stream {
    inner: TcpStream,
    connection: Connection,
    /// Bytes read in this turn.
    read: usize,
}

impl Stream {
    pub(super) fn new(inner: TcpStream, connection: Connection) -> Self {
        Self { inner, connection, read: 0 }
    }

    pub(super) fn connection(&self) -> &Connection {
        &self.connection
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        self.connection.gone();
    }
}

impl AsyncRead for Stream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.connection.closing(context.waker()).is_some() {
            // An end: what is to be answered still is.
            return Poll::Ready(Ok(()));
        }
        if self.read >= TURN {
            self.read = 0;
            // Unlike a plain wake, this lets the runtime look for news of others first.
            return pin!(tokio::task::yield_now()).poll(context).map(Ok);
        }
        let before = buffer.filled().len();
        let polled = Pin::new(&mut self.inner).poll_read(context, buffer);
        match &polled {
            Poll::Ready(Ok(())) => {
                let read = buffer.filled().len() - before;
                self.read += read;
                self.connection.received(read, Instant::now());
            }
            Poll::Ready(Err(_)) => {}
            Poll::Pending => self.read = 0,
        }
        polled
    }
}

impl AsyncWrite for Stream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.inner).poll_write(context, bytes);
        match &polled {
            Poll::Ready(Ok(_)) => self.connection.sent(Instant::now()),
            Poll::Ready(Err(_)) => {}
            Poll::Pending if self.connection.closing(context.waker()).is_some() => {
                return Poll::Ready(Err(io::ErrorKind::ConnectionAborted.into()));
            }
            Poll::Pending => self.connection.stalled(Instant::now()),
        }
        polled
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(context)
    }
}
