export * from '../assets/rotation-runtime/index';
