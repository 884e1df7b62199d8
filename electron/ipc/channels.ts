/** The two channels between the processes; everything else is a name in the contract. */
export const REQUEST = 'glasspost:request';
export const EVENT = 'glasspost:event';
