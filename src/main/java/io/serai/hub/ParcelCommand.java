package io.serai.hub;

/** Something to do with a parcel of one known order. */
interface ParcelCommand extends OrderCommand {}
