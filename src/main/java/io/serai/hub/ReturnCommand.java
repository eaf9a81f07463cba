package io.serai.hub;

/** Something to do with what comes back of one known order. */
interface ReturnCommand extends OrderCommand {}
