export * from '../assets/secret-client/index';
