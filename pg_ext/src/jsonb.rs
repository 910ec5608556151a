//! JSONB, read from its binary form and written into it.
//!
//! [`RawJsonb`] is the argument type of the SQL functions, [`Document`] the datum made readable, [`Document::source`]
//! what the domain reads, [`Jsonb`] a result. The walk itself ([`container`], [`number`], [`value`]) and the writing
//! ([`write`]) are safe Rust over bytes; only reaching those bytes is not, and that is all that is unsafe here.

mod container;
mod number;
mod reading;
mod value;
mod write;

use std::marker::PhantomData;
use std::ptr::NonNull;
use std::slice;

use pgrx::callconv::{Arg, ArgAbi, BoxRet, FcInfo};
use pgrx::datum::Datum;
use pgrx::pg_sys::panic::ErrorReport;
use pgrx::{FromDatum, IntoDatum, impl_sql_translatable, pg_sys};
use serde::Serialize;
use serde::de::DeserializeSeed;

use crate::error;
use crate::shim;

pub(crate) use reading::Fault;
use reading::{MAX_BYTES, Reading};
use value::{Error, Value};
pub(crate) use write::Unwritable;

/// A `jsonb` argument as it came: perhaps compressed, out of line, or with a short header.
#[derive(Clone, Copy)]
pub(crate) struct RawJsonb<'fcx> {
    datum: pg_sys::Datum,
    call: PhantomData<&'fcx ()>,
}

impl FromDatum for RawJsonb<'_> {
    unsafe fn from_polymorphic_datum(
        datum: pg_sys::Datum,
        is_null: bool,
        _: pg_sys::Oid,
    ) -> Option<Self> {
        (!is_null).then_some(Self {
            datum,
            call: PhantomData,
        })
    }
}

// SAFETY: the datum of an argument declared `jsonb` lives as long as the call.
unsafe impl<'fcx> ArgAbi<'fcx> for RawJsonb<'fcx> {
    unsafe fn unbox_arg_unchecked(arg: Arg<'_, 'fcx>) -> Self {
        // SAFETY: the caller promises a `jsonb` argument that is not NULL; only its datum is kept here.
        match unsafe { arg.unbox_arg_using_from_datum::<Self>() } {
            Some(raw) => raw,
            None => Self {
                datum: pg_sys::Datum::null(),
                call: PhantomData,
            },
        }
    }
}

// SAFETY: the datum came in as `jsonb` in the same call and goes out unchanged.
unsafe impl BoxRet for RawJsonb<'_> {
    unsafe fn box_into<'fcx>(self, fcinfo: &mut FcInfo<'fcx>) -> Datum<'fcx> {
        // SAFETY: see above.
        unsafe { fcinfo.return_raw_datum(self.datum) }
    }
}

impl_sql_translatable!(RawJsonb<'_>, "jsonb");

/// The text that bytes are if they are all ASCII: looked at eight, four or two together, of which the last may be looked at twice.
#[inline]
fn ascii(bytes: &[u8]) -> Option<&str> {
    let high_bits = if let Some(last) = bytes.last_chunk::<8>() {
        let eights = bytes.as_chunks::<8>().0.iter();
        let sum = eights.fold(u64::from_ne_bytes(*last), |sum, eight| {
            sum | u64::from_ne_bytes(*eight)
        });
        sum & 0x8080_8080_8080_8080
    } else if let (Some(first), Some(last)) = (bytes.first_chunk::<4>(), bytes.last_chunk::<4>()) {
        let sum = u32::from_ne_bytes(*first) | u32::from_ne_bytes(*last);
        u64::from(sum & 0x8080_8080)
    } else {
        bytes
            .iter()
            .fold(0, |sum, byte| sum | u64::from(byte & 0x80))
    };
    // SAFETY: bytes below 0x80 are characters of UTF-8 each by itself.
    (high_bits == 0).then(|| unsafe { str::from_utf8_unchecked(bytes) })
}

/// A `jsonb` datum, detoasted. The copy, if one had to be made, is freed with it.
pub(crate) struct Document<'fcx> {
    varlena: NonNull<pg_sys::varlena>,
    copied: bool,
    reading: Reading,
    call: PhantomData<&'fcx ()>,
}

impl<'fcx> Document<'fcx> {
    /// Detoasts the argument, unless it is too large.
    pub(crate) fn open(raw: RawJsonb<'fcx>) -> Result<Self, ErrorReport> {
        let original = NonNull::new(raw.datum.cast_mut_ptr::<pg_sys::varlena>())
            .ok_or_else(|| error::internal("a jsonb argument is a null pointer"))?;
        // SAFETY: `raw` holds the datum of an argument of this call: a valid varlena, whatever its form. The size is
        // known before anything is decompressed or fetched.
        let size = unsafe { pg_sys::toast_raw_datum_size(raw.datum) };
        if size > MAX_BYTES {
            return Err(error::too_large(
                "document",
                size,
                MAX_BYTES,
                "Put one invoice into a document, and its files into attachments.",
            ));
        }
        // SAFETY: as above. Gives the same pointer, or that of a copy in the current memory context; never null.
        let varlena =
            unsafe { NonNull::new_unchecked(pg_sys::pg_detoast_datum(original.as_ptr())) };
        Ok(Self {
            varlena,
            copied: varlena != original,
            reading: Reading::new(shim::check_interrupts),
            call: PhantomData,
        })
    }

    /// The document, for the domain.
    pub(crate) fn source(&self) -> Source<'_> {
        Source {
            bytes: self.bytes(),
            reading: &self.reading,
        }
    }

    /// Why the last reading was given up, if for a reason that is not in the document's model.
    pub(crate) fn fault(&self) -> Option<Fault> {
        self.reading.fault()
    }

    fn bytes(&self) -> &[u8] {
        // SAFETY: a detoasted varlena is one allocation of the size its header states; it is neither written nor freed
        // before `self` is dropped (argument: before the call ends; copy: by `drop` alone).
        unsafe {
            let varlena = self.varlena.as_ptr();
            slice::from_raw_parts(
                pgrx::vardata_any(varlena).cast::<u8>(),
                pgrx::varsize_any_exhdr(varlena),
            )
        }
    }
}

impl Drop for Document<'_> {
    fn drop(&mut self) {
        if self.copied {
            // SAFETY: `pg_detoast_datum` allocated the copy in a memory context that outlives this call, nobody else
            // has the pointer, and every borrow of it ends before `self`.
            unsafe { pg_sys::pfree(self.varlena.as_ptr().cast()) }
        }
    }
}

/// The document as the domain reads it: as often as it wants, each time from the root.
#[derive(Clone, Copy)]
pub(crate) struct Source<'de> {
    bytes: &'de [u8],
    reading: &'de Reading,
}

impl<'de> einvoice::input::Source<'de> for Source<'de> {
    type Error = Error;

    fn read<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, Error> {
        seed.deserialize(Value::root(self.bytes, self.reading)?)
    }

    fn skipped(self) -> bool {
        self.reading.skipped()
    }
}

/// A result on its way out as `jsonb`.
pub(crate) struct Jsonb(Vec<u8>);

impl Jsonb {
    /// The value's JSON.
    pub(crate) fn of<T: Serialize + ?Sized>(value: &T) -> Result<Self, ErrorReport> {
        write::bytes(value, shim::check_interrupts)
            .map(Self)
            .map_err(error::unwritable)
    }
}

impl IntoDatum for Jsonb {
    /// A `jsonb` datum is a varlena of these bytes, as a `bytea` is one of its own.
    fn into_datum(self) -> Option<pg_sys::Datum> {
        self.0.into_datum()
    }

    fn type_oid() -> pg_sys::Oid {
        pg_sys::JSONBOID
    }
}

// SAFETY: the datum is a varlena in the current memory context, and its bytes are JSONB.
unsafe impl BoxRet for Jsonb {
    unsafe fn box_into<'fcx>(self, fcinfo: &mut FcInfo<'fcx>) -> Datum<'fcx> {
        match self.into_datum() {
            // SAFETY: see above.
            Some(datum) => unsafe { fcinfo.return_raw_datum(datum) },
            None => fcinfo.return_null(),
        }
    }
}

impl_sql_translatable!(Jsonb, "jsonb");
