package io.serai.simulator;

/**
 * What is peculiar about an order, told by its number alone, so that every run of some fifty orders
 * holds one of each.
 */
record OrderTraits(
    boolean digitalOnly,
    boolean giftCardLine,
    boolean paidByGiftCard,
    boolean tip,
    boolean codeDiscount,
    boolean lineDiscount,
    boolean giveaway,
    boolean noPhone,
    boolean pickup,
    boolean test,
    boolean bundle,
    boolean twoLocations,
    boolean free,
    boolean note,
    boolean express,
    boolean pending) {

  /** Nothing is. */
  static final OrderTraits NONE =
      new OrderTraits(
          false, false, false, false, false, false, false, false, false, false, false, false, false,
          false, false, false);

  static OrderTraits of(int number) {
    var digitalOnly = number % 37 == 36;
    return new OrderTraits(
        digitalOnly,
        digitalOnly || number % 19 == 6,
        number % 23 == 4,
        number % 17 == 5,
        number % 10 == 3,
        number % 14 == 9,
        number % 12 == 7,
        number % 9 == 2,
        !digitalOnly && number % 31 == 11,
        number % 41 == 13,
        !digitalOnly && number % 21 == 10,
        !digitalOnly && number % 16 == 8,
        number % 43 == 15,
        number % 8 == 1,
        number % 6 == 0,
        number % 29 == 18);
  }
}
