import { answer } from '#lgsp/errors';
console.log(answer);
