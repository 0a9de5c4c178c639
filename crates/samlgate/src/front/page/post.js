// Posts the only form of the page at once; without scripts its button does.
document.forms[0].submit();
