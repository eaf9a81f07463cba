-- Parcels are listed by state, newest first.
CREATE INDEX parcel_state ON parcel (state, id);
